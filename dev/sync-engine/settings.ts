import { z } from 'zod';
import { type Control, ControlValueError, control } from '../control/control.ts';

const transforms = ['direct', 'trim', 'lowerCase'] as const;

const customRule = z.strictObject({
  name: z.string().min(1),
  objectType: z.enum(['user', 'group', 'contact']),
  /** Name in the Entra connector space. */
  target: z.string().min(1),
  /** AD attribute in schema spelling. */
  source: z.string().min(1),
  transform: z.enum(transforms),
});

const otherHands = z.strictObject({
  /** Templates such as `%m@contoso.com` (`%m` the alias) that Exchange adds again wherever they are missing. */
  emailAddressPolicy: z.array(z.string().min(1)),
  /** Exchange hybrid adds the cloud mailbox's X500 address. */
  x500WriteBack: z.boolean(),
  /** An identity management system puts back the values that it saw when it was switched on. */
  identityManagement: z.boolean(),
  /** A second active sync server exports what it saw when it was switched on. */
  staleServer: z.boolean(),
});

const shape = {
  stagingMode: z.boolean(),
  schedulerEnabled: z.boolean(),
  suspended: z.boolean(),
  deletionThreshold: z.int().min(0),
  cycleDelayMs: z.int().min(0).max(600_000),
  upnSource: z.enum(['userPrincipalName', 'mail']),
  userMatch: z.enum(['once', 'mail', 'objectSid', 'sAMAccountName']),
  scopedOus: z.array(z.string().min(3)),
  customRules: z.array(customRule),
  otherHands,
  faults: z.record(z.string(), z.string().min(1)),
  scriptFaults: z.record(z.string(), z.string().min(1)),
};

const settings = z.strictObject(shape);

export type EngineSettings = z.infer<typeof settings>;
export type CustomRule = z.infer<typeof customRule>;
export type OtherHands = z.infer<typeof otherHands>;

export const defaultSettings: EngineSettings = {
  stagingMode: false,
  schedulerEnabled: false,
  suspended: false,
  deletionThreshold: 500,
  cycleDelayMs: 0,
  upnSource: 'userPrincipalName',
  userMatch: 'objectSid',
  scopedOus: [],
  customRules: [],
  otherHands: { emailAddressPolicy: [], x500WriteBack: false, identityManagement: false, staleServer: false },
  faults: {},
  scriptFaults: {},
};

const meanings: Readonly<Record<keyof EngineSettings, string>> = {
  stagingMode: 'true: cycles import and synchronise but export nothing. Default false.',
  schedulerEnabled: 'true: a cycle starts every 30 minutes of the local clock. Default false.',
  suspended: 'true: the scheduler is suspended and every start of a cycle is refused. Default false.',
  deletionThreshold: 'More pending deletions than this stop the whole export; 0 or more. Default 500.',
  cycleDelayMs: 'Real milliseconds that each cycle takes longer, so that the engine can be seen busy. Default 0.',
  upnSource:
    'AD attribute that becomes the Entra user name: userPrincipalName or mail (alternate login id). Takes effect for all objects with an Initial cycle. Default userPrincipalName.',
  userMatch:
    'How one user of several forests is recognised: once (never), mail, objectSid (a linked mailbox joins its account), sAMAccountName (with mailNickname). Default objectSid.',
  scopedOus:
    'Distinguished names of the selected organisational units; an empty list selects all. Takes effect for all objects with an Initial cycle. Default empty.',
  customRules:
    'Inbound rules ahead of the default ones: a list of {name, objectType, target, source, transform: direct, trim or lowerCase}. Takes effect for all objects with an Initial cycle. Default empty.',
  otherHands:
    'Others that write at the start of each cycle: {emailAddressPolicy: [templates], x500WriteBack, identityManagement, staleServer}. Default all off.',
  faults:
    'Steps that fail: step result by "<connector name>/<run profile>", such as {"contoso.com/Delta Import": "no-start-connection"}. Default none.',
  scriptFaults:
    'PowerShell scripts that fail: message by script name, such as {"get-scheduler": "Access is denied."}. Default none.',
};

/** Settings whose change the wizard answers with an Initial cycle. */
export const needInitialCycle: ReadonlySet<keyof EngineSettings> = new Set([
  'upnSource',
  'userMatch',
  'scopedOus',
  'customRules',
]);

/** One control for each setting, named `engine.<setting>`; `changed` is called after each write. */
export function settingControls(current: EngineSettings, changed: (name: keyof EngineSettings) => void): Control[] {
  const names = Object.keys(shape) as (keyof EngineSettings)[];
  return names.map((name) =>
    control({
      name: `engine.${name}`,
      meaning: meanings[name],
      read: () => current[name],
      accept: (value) => {
        const parsed = settings.safeParse({ ...current, [name]: value });
        if (!parsed.success) throw new ControlValueError(`engine.${name}: ${z.prettifyError(parsed.error)}`);
        return parsed.data[name];
      },
      set: (value) => {
        Object.assign(current, { [name]: value });
        changed(name);
      },
    }),
  );
}
