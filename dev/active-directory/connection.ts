import type { Socket } from 'node:net';
import { TLSSocket, type TLSSocketOptions } from 'node:tls';
import { frameLength, MalformedBer, octets } from './ber.ts';
import { type Call, supportedControls } from './call.ts';
import { compareValue } from './compare.ts';
import type { Controller } from './controller.ts';
import { authenticate, type Identity } from './identity.ts';
import { type LdapMessage, type Request, readMessage, type SearchRequest } from './ldap-message.ts';
import { type LdapResult, responseTag, writeResult, writeSearchEntry, writeSearchReference } from './ldap-response.ts';
import { Cursors } from './paging.ts';
import { performWrite } from './perform-write.ts';
import { Refusal, resultCode } from './refusal.ts';
import { rootDse } from './root-dse.ts';
import { search } from './search.ts';

const startTls = '1.3.6.1.4.1.1466.20037';
const whoAmI = '1.3.6.1.4.1.4203.1.11.3';

export interface ConnectionOptions {
  readonly controller: Controller;
  readonly catalogue: boolean;
  readonly tls: TLSSocketOptions;
  readonly secure: boolean;
}

type Answerable = Exclude<Request, { kind: 'unbind' | 'abandon' }>;

const success: LdapResult = { code: resultCode.success };

/** One client's connection: reads requests, answers them in their order, and holds what LDAP ties to a connection. */
export class Connection {
  readonly #controller: Controller;
  readonly #catalogue: boolean;
  readonly #tls: TLSSocketOptions;
  readonly #cursors = new Cursors();
  #socket: Socket;
  #secure: boolean;
  #identity: Identity | undefined;
  #received: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, { controller, catalogue, tls, secure }: ConnectionOptions) {
    this.#controller = controller;
    this.#catalogue = catalogue;
    this.#tls = tls;
    this.#secure = secure;
    this.#socket = secure ? this.#encrypted(socket) : socket;
    this.#listen();
  }

  close(): void {
    this.#socket.destroy();
  }

  readonly #receive = (data: Buffer): void => {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    try {
      this.#answerAll();
    } catch (error) {
      if (!(error instanceof MalformedBer)) throw error;
      this.close();
    }
  };

  #listen(): void {
    this.#socket.on('data', this.#receive);
    this.#socket.on('error', () => this.close());
  }

  #answerAll(): void {
    for (let length = frameLength(this.#received); length !== undefined; length = frameLength(this.#received)) {
      const frame = this.#received.subarray(0, length);
      this.#received = this.#received.subarray(length);
      this.#answer(readMessage(frame));
    }
  }

  #answer(message: LdapMessage): void {
    const { request } = message;
    if (this.#controller.isDown) this.close();
    else if (request.kind === 'unbind') this.#socket.end();
    else if (request.kind !== 'abandon') this.#respond(message, request);
  }

  #respond(message: LdapMessage, request: Answerable): void {
    const tag = responseTag[request.kind === 'search' ? 'searchDone' : request.kind];
    try {
      this.#controller.catchUp();
      if (this.#controller.isBusy) throw busy();
      const response = this.#perform(message, request, tag);
      if (response) this.#socket.write(response);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#socket.write(writeResult(message.id, tag, error));
    }
  }

  /** Carries out one request; answers the response, or nothing when there is none (left) to send. */
  #perform(message: LdapMessage, request: Answerable, tag: number): Buffer | undefined {
    const { id } = message;
    switch (request.kind) {
      case 'bind':
        this.#bind(request.name, request.password, request.simple);
        return writeResult(id, tag, success);
      case 'extended':
        return this.#extended(id, request.oid);
      case 'search':
        return this.#search(message, request);
      case 'compare': {
        const holds = compareValue(this.#call(message), request);
        return writeResult(id, tag, { code: holds ? resultCode.compareTrue : resultCode.compareFalse });
      }
      default:
        performWrite(this.#call(message), request);
        if (!this.#breaksNow()) return writeResult(id, tag, success);
        this.close();
        return undefined;
    }
  }

  #bind(name: string, password: string, simple: boolean): void {
    this.#identity = undefined;
    if (!simple)
      throw new Refusal(resultCode.authMethodNotSupported, '8009030B: LdapErr: only simple binds are served, data 0');
    if (password === '') return;
    if (!this.#secure) {
      throw new Refusal(
        resultCode.strongAuthRequired,
        '00002028: LdapErr: DSID-0C090202, comment: The server requires binds to turn on integrity checking if SSL\\TLS are not already active on the connection, data 0, v4563',
      );
    }
    this.#identity = authenticate(this.#controller, name, password);
  }

  #extended(id: number, oid: string): Buffer | undefined {
    if (oid === whoAmI) {
      const name = this.#identity ? `u:${this.#identity.accountName}` : '';
      return writeResult(id, responseTag.extended, success, { parts: [octets(name, 0x8b)] });
    }
    if (oid !== startTls) {
      throw new Refusal(resultCode.protocolError, '0000203D: LdapErr: unknown extended operation, data 0');
    }
    if (this.#secure) throw new Refusal(resultCode.operationsError, '00002120: LdapErr: TLS is active already, data 0');
    this.#upgrade(writeResult(id, responseTag.extended, success));
    return undefined;
  }

  /** The response still goes out in the clear; everything after it is TLS. */
  #upgrade(response: Buffer): void {
    const plain = this.#socket;
    plain.write(response);
    plain.off('data', this.#receive);
    this.#socket = this.#encrypted(plain);
    this.#secure = true;
    this.#listen();
  }

  #encrypted(plain: Socket): TLSSocket {
    return new TLSSocket(plain, { ...this.#tls, isServer: true });
  }

  #search(message: LdapMessage, request: SearchRequest): Buffer {
    const { id } = message;
    if (request.base === '' && request.scope === 'base') {
      const entry = writeSearchEntry(id, rootDse(this.#controller, request.attributes));
      return Buffer.concat([entry, writeResult(id, responseTag.searchDone, success)]);
    }
    const { entries, references, result, controls } = search(this.#call(message), request, this.#cursors);
    return Buffer.concat([
      ...entries.map((entry) => writeSearchEntry(id, entry)),
      ...references.map((url) => writeSearchReference(id, [url])),
      writeResult(id, responseTag.searchDone, result, { controls }),
    ]);
  }

  /** The planted fault: the write is done, and the client never hears of it. */
  #breaksNow(): boolean {
    const { faults } = this.#controller.environment;
    if (faults.dropAfterWrite === 0) return false;
    faults.dropAfterWrite--;
    return true;
  }

  #call({ controls }: LdapMessage): Call {
    if (!this.#identity) {
      throw new Refusal(
        resultCode.operationsError,
        '000004DC: LdapErr: DSID-0C090A71, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563',
      );
    }
    for (const [oid, { critical }] of controls) {
      if (critical && !supportedControls.includes(oid)) {
        throw new Refusal(
          resultCode.unavailableCriticalExtension,
          `00000057: LdapErr: DSID-0C090BF7, comment: Error processing control ${oid}, data 0`,
        );
      }
    }
    return { controller: this.#controller, catalogue: this.#catalogue, identity: this.#identity, controls };
  }
}

function busy(): Refusal {
  return new Refusal(resultCode.busy, '0000200E: SvcErr: DSID-020A0E3A, problem 5001 (BUSY), data 0\n');
}
