import { describeEachDirectory } from './directory-kinds.ts';
import { relayObjectsContract } from './relay-objects-contract.ts';

describeEachDirectory(relayObjectsContract);
