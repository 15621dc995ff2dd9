/** What a measured program says of itself, as its last line of output. */
export interface Measured {
  /** From the start of its work; loading the program is not counted. */
  readonly milliseconds: number;
  /** Of all its threads, from the start of its work. */
  readonly processorMilliseconds: number;
  /** The most resident memory that the process has had, in bytes. */
  readonly peakMemory: number;
  /** What came out, to compare programs by. */
  readonly result: string;
}

/** Begins measuring. @returns what ends it */
export function measure(): (result: string) => void {
  const began = performance.now();
  const processor = process.cpuUsage();
  return (result) => {
    const { user, system } = process.cpuUsage(processor);
    const measured: Measured = {
      milliseconds: performance.now() - began,
      processorMilliseconds: (user + system) / 1000,
      peakMemory: process.resourceUsage().maxRSS * 1024,
      result,
    };
    console.log(JSON.stringify(measured));
  };
}
