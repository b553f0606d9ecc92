export default function helper(x) { return sort([x]); }
export function sort(xs) { return xs; }
function Old() {}
Old.prototype.run = function () { this.stop(); };
Old.prototype.stop = function () {};
const api = { start() { api.stop(); }, stop: () => sort([]) };
api.start();
