import { type AttributeConcerns, attributeRules } from '../attribute-rules.ts';
import { source } from '../sources.ts';

const most = 15;

const certificates = (attribute: 'userCertificate' | 'userSMIMECertificate'): AttributeConcerns => ({
  attribute,
  values: ({ valueCounts }) => (valueCounts?.[attribute] === undefined ? [] : [String(valueCounts[attribute])]),
  surelyPasses: ({ valueCounts }) => (valueCounts?.[attribute] ?? 0) <= most,
  concerns: [
    {
      code: 'CertificateCount',
      severity: 'error',
      description: 'An object has too many certificates',
      source: source.syncErrors,
      remedy: 'Remove expired certificates (Remove-ADSyncToolsExpiredCertificates); ask the owners of the PKI first.',
      check: (count) => (Number(count) > most ? `It has ${count} certificates; the most is ${most}.` : null),
    },
  ],
});

export const userCertificateRules = attributeRules(certificates('userCertificate'));
export const userSMIMECertificateRules = attributeRules(certificates('userSMIMECertificate'));
