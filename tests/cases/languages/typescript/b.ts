import run, { Stack as S } from './a';
import * as logs from './log';
import { go } from './log';
run(null!); go(null!);
const l: logs.Logger = new logs.Logger();
const s = new S(null!, null!);
s.visit(2);
