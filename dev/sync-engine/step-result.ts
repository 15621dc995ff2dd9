import { InvalidCredentialsError, ResultCodeError } from 'ldapts';

/** The result of an import step that ended with this LDAP or socket error; an error of another kind is a bug and is thrown again. */
export function stepResultOf(error: unknown): string {
  if (error instanceof InvalidCredentialsError) return 'no-start-credentials';
  if (error instanceof ResultCodeError) return 'stopped-server-down';
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) throw error;
  return 'no-start-connection';
}
