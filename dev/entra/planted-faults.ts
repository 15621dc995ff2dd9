/**
 * One deliberate violation per rule, so that a test that claims to hold the rules can be shown to fail. Each is a
 * single hook where the rule is carried out (search for the name, such as `fault === 'S7'`).
 */
export const plantedFaults = {
  S1: 'calculated values are written back over the shadow, so a quarantined value is lost from it',
  S2: 'the later arriver takes the value and the earlier holder loses it',
  S3: 'a colliding address of a new object is quarantined and given to it all the same',
  S4: 'an update that collides gives the value to both objects, without an entry',
  S5: 'the placeholder keeps the domain of the original UPN',
  S6: 'the last request carried out in an export is acknowledged and lost',
  S7: 'the release job deletes the entry without promoting the value',
  S8: 'an address once calculated never goes away',
  S9: 'every update sets the UPN to mailNickname@initial domain',
  S10: 'a PATCH of userPrincipalName also rewrites displayName',
  S11: 'a deleted object goes on holding its UPN and its addresses',
} as const;

export type PlantedFault = keyof typeof plantedFaults;
