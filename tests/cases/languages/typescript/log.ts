export class Logger { write(x: number) { console.log(x); } }
export { default as go } from './a';
