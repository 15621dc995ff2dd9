/** The claims of an access token that a stand-in has accepted. */
export interface Claims {
  readonly aud: string;
  readonly oid: string;
  readonly tid: string;
  readonly roles: readonly string[];
}

/** Checks a bearer token for one audience (compared without a trailing slash); rejects when it is forged, expired or meant for someone else. */
export type VerifyToken = (token: string, audience: string) => Promise<Claims>;

/** Key and certificate chain (PEM) with which a stand-in serves TLS. */
export interface TlsMaterial {
  readonly key: string;
  readonly cert: string;
}
