import { readFileSync } from 'node:fs';
import { trustInThisProcess } from '../certificates.ts';

/*
 * Loaded before a program that takes its settings from an env file, which comes too late for NODE_EXTRA_CA_CERTS and loses
 * against one that is set already.
 */

const file = process.env['LOCAL_STACK_AUTHORITY'];
if (file) trustInThisProcess(readFileSync(file, 'utf8'));
