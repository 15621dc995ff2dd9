const cleanUps = new Set<() => void>();
let isListening = false;

/** Runs `cleanUp` when this process ends, in whatever way but SIGKILL; answers a function that calls it off. */
export function atExit(cleanUp: () => void): () => void {
  // One listener for all: Node warns of a leak when a process has more than ten.
  if (!isListening) {
    process.on('exit', () => {
      for (const waiting of cleanUps) waiting();
    });
  }
  isListening = true;
  cleanUps.add(cleanUp);
  return () => cleanUps.delete(cleanUp);
}
