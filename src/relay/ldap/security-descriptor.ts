import { Ber, BerWriter, Control } from 'ldapts';

const daclOnly = 4;
/** SE_DACL_PROTECTED in the control word of a self-relative security descriptor (MS-DTYP 2.4.6). */
const daclProtected = 0x1000;

/**
 * Asks for the access list alone. Without this control an account that may not read the auditing part gets no
 * `nTSecurityDescriptor` at all (MS-ADTS 3.1.1.3.4.1.11).
 */
export class DaclControl extends Control {
  constructor() {
    super('1.2.840.113556.1.4.801', { critical: false });
  }

  protected override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(daclOnly);
    value.endSequence();
    writer.writeBuffer(value.buffer, Ber.OctetString);
  }
}

/** Whether the object takes no permissions from its parents, as AdminSDHolder leaves it. */
export const refusesInheritance = (descriptor: Buffer): boolean =>
  descriptor.length >= 4 && (descriptor.readUInt16LE(2) & daclProtected) !== 0;
