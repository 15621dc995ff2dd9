import type { DirectoryObject } from './directory-object.ts';
import type { Random } from './random.ts';

export interface RoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly eligible: boolean;
}

/** Template ids of built-in roles, the same in every tenant (Entra "built-in roles" page). */
export const roleDefinitions: Readonly<Record<string, string>> = {
  'Global Administrator': '62e90394-69f5-4237-9190-012177145e10',
  'User Administrator': 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  'Exchange Administrator': '29232cdf-9323-42fd-ade2-1d097af3e4de',
  'Hybrid Identity Administrator': '8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2',
  'Privileged Role Administrator': 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  'Helpdesk Administrator': '729827e3-9c14-49f7-bb1b-9608f156bbb8',
  'Directory Readers': '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
};

/** Who holds a directory role, and who could activate one. */
export class Roles {
  #assignments: readonly RoleAssignment[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get all(): readonly RoleAssignment[] {
    return this.#assignments;
  }

  /** Replaces the roles of one principal; names are those of {@link roleDefinitions}. */
  assign(
    principal: DirectoryObject,
    roles: { readonly active: readonly string[]; readonly eligible: readonly string[] },
  ): void {
    const assignment = (name: string, eligible: boolean): RoleAssignment => ({
      id: this.#random.guid(),
      principalId: principal.id,
      roleDefinitionId: roleDefinitions[name] ?? name,
      eligible,
    });
    this.#assignments = [
      ...this.#assignments.filter(({ principalId }) => principalId !== principal.id),
      ...roles.active.map((name) => assignment(name, false)),
      ...roles.eligible.map((name) => assignment(name, true)),
    ];
  }

  has(principalId: string): boolean {
    return this.#assignments.some((assignment) => assignment.principalId === principalId);
  }
}
