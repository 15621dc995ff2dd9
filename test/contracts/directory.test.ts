import { directoryContract } from './directory-contract.ts';
import { describeEachDirectory } from './directory-kinds.ts';

describeEachDirectory(directoryContract);
