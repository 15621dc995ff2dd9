/**
 * What the broker answers instead of doing what was asked: an AMQP error condition, its text, and the status that
 * `$management` and `$cbs` put beside it. A value, because every client must expect it.
 */
export class Refusal {
  readonly condition: string;
  readonly description: string;
  readonly status: number;

  constructor(condition: string, description: string, status: number) {
    this.condition = condition;
    this.description = description;
    this.status = status;
  }
}

export const notFound = (address: string): Refusal =>
  new Refusal('amqp:not-found', `The messaging entity '${address}' could not be found.`, 404);

export const notAllowed = (why: string): Refusal => new Refusal('amqp:not-allowed', why, 400);

export const unauthorized = (why: string): Refusal => new Refusal('amqp:unauthorized-access', why, 401);

export const notImplemented = (operation: string): Refusal =>
  new Refusal('amqp:not-implemented', `The operation '${operation}' is not supported.`, 501);

export const malformed = (why: string): Refusal => new Refusal('com.microsoft:argument-error', why, 400);

export const serverBusy = (): Refusal =>
  new Refusal('com.microsoft:server-busy', 'The server was unable to process the request; please retry.', 503);

export const tooLarge = (limit: number): Refusal =>
  new Refusal('amqp:link:message-size-exceeded', `The message exceeds the limit of ${limit} bytes.`, 400);

export const messageLockLost = (): Refusal =>
  new Refusal('com.microsoft:message-lock-lost', 'The lock expired, or the message was already settled.', 410);

export const messageNotFound = (sequenceNumber: number): Refusal =>
  new Refusal('com.microsoft:message-not-found', `There is no such message with number ${sequenceNumber}.`, 404);

export const sessionLockLost = (sessionId: string): Refusal =>
  new Refusal('com.microsoft:session-lock-lost', `The lock on session '${sessionId}' has expired.`, 410);

export const sessionCannotBeLocked = (sessionId: string): Refusal =>
  new Refusal('com.microsoft:session-cannot-be-locked', `Session '${sessionId}' is locked by another receiver.`, 410);

export const noSession = (): Refusal =>
  new Refusal('com.microsoft:timeout', 'No unlocked session with messages became available in time.', 408);
