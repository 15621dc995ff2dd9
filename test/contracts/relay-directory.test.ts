import { describeEachDirectory } from './directory-kinds.ts';
import { relayDirectoryContract } from './relay-directory-contract.ts';

describeEachDirectory(relayDirectoryContract);
