namespace App.Util;
public static class Helper { public static void Run(int x) { } }
class Logger { public void Write(int x) { } }
