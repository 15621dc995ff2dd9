/*
 * Imports the entry point named on the command line in this process, without a Functions worker, and prints the
 * milliseconds it took. @azure/functions then registers nothing, but evaluates everything that registering needs.
 */
import { pathToFileURL } from 'node:url';

const [entry] = process.argv.slice(2);
if (entry === undefined) throw new Error('Name the entry point to import.');
console.warn = () => undefined;
const began = performance.now();
await import(pathToFileURL(entry).href);
process.stdout.write(`${performance.now() - began}\n`);
process.exit();
