import { installMovedDate } from '../functions-host/worker/moved-date.ts';

/*
 * Loaded before the program of a child process of the stack: its `Date` follows the stack's clock, and it ends with the
 * stack, however that ended. The program itself knows of neither.
 */

const moveDate = installMovedDate();
moveDate(Number(process.env['LOCAL_STACK_CLOCK_OFFSET'] ?? 0));
process.on('message', (message: { readonly clockOffset?: number }) => {
  if (typeof message?.clockOffset === 'number') moveDate(message.clockOffset);
});
process.on('disconnect', () => process.exit(0));
// Whether the program goes on is its own affair: listening to the stack must not keep it alive.
process.channel?.unref();
