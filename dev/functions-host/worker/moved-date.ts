/**
 * Makes this process's `Date` run `offset` milliseconds ahead of real time, without the app knowing. Timers
 * (setTimeout) and `performance` stay real. Answers the function that sets the offset.
 */
export function installMovedDate(): (offset: number) => void {
  const RealDate = Date;
  const realNow = Date.now.bind(Date);
  let offset = 0;
  const now = (): number => realNow() + offset;

  const MovedDate = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, parts, newTarget) => Reflect.construct(target, parts.length === 0 ? [now()] : parts, newTarget),
  });
  RealDate.now = now;
  RealDate.prototype.constructor = MovedDate;
  globalThis.Date = MovedDate;
  return (milliseconds) => {
    offset = milliseconds;
  };
}
