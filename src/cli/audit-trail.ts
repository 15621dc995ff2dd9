import { type Audit, composeAudit } from '../compose.ts';
import { type AuditConfig, readAuditConfig } from '../config.ts';
import { type Arguments, readArguments, usage } from './arguments.ts';
import { erasePerson, findPerson } from './erase-person.ts';
import { showCase } from './show-case.ts';
import { type Print, verifyTrails } from './verify-trails.ts';

/*
 * The audit trail on the command line. Exit code: 0 nothing wrong, 1 something found or left undone, 2 it could not run.
 */

const print: Print = (line) => process.stdout.write(`${line}\n`);
const complain: Print = (line) => process.stderr.write(`${line}\n`);

process.exitCode = await main(readArguments(process.argv.slice(2)));

async function main(asked: Arguments): Promise<0 | 1 | 2> {
  if (asked.do === 'help') {
    print(usage);
    return 0;
  }
  if (asked.do === 'refuse') return refuse([...asked.problems, '', usage]);
  const read = readAuditConfig(process.env);
  if ('problems' in read) return refuse(read.problems.map(({ setting, problem }) => `${setting} ${problem}`));
  complain(`Tenant ${read.config.SYNCMEND_TENANT_ID}, ${read.config.SYNCMEND_TABLES_URL}`);
  return answer(asked, read.config);
}

async function answer(asked: Arguments, config: AuditConfig): Promise<0 | 1 | 2> {
  try {
    return (await carryOut(asked, composeAudit(config))) ? 0 : 1;
  } catch (cause) {
    // What the store or the identity refused is no bug of ours; its words say what to do.
    return refuse([`It could not be finished: ${wordsOf(cause)}`]);
  }
}

async function carryOut(asked: Arguments, audit: Audit): Promise<boolean> {
  switch (asked.do) {
    case 'verify':
      return verifyTrails(audit, asked.repair, print);
    case 'erase':
      return erasePerson(audit, asked, print);
    case 'show':
      return showCase(audit, asked.id, print);
    case 'find':
      await findPerson(audit, asked.names, print);
      return true;
    default:
      return false;
  }
}

function refuse(lines: readonly string[]): 2 {
  for (const line of lines) complain(line);
  return 2;
}

function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause === undefined ? cause.message : `${cause.message} (${wordsOf(cause.cause)})`;
}
