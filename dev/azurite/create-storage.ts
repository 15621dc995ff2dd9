/** The part of infra/storage.json that both the deployment and this stack create. */
export interface StorageFile {
  readonly tables: readonly string[];
  readonly containers: readonly string[];
}

export interface StorageAddresses {
  readonly tablesUrl: string;
  readonly blobsUrl: string;
}

const apiVersion = '2021-12-02';

/**
 * Creates the tables and blob containers that the deployment would. Over plain REST, so that the SDKs are not loaded
 * here only to be loaded again in the apps.
 */
export async function createStorage(
  { tablesUrl, blobsUrl }: StorageAddresses,
  { tables, containers }: StorageFile,
  token: string,
): Promise<void> {
  const authorization = { authorization: `Bearer ${token}`, 'x-ms-version': apiVersion };
  const json = { ...authorization, accept: 'application/json', 'content-type': 'application/json' };
  const body = (TableName: string) => JSON.stringify({ TableName });
  await Promise.all([
    ...tables.map((name) => create(`${tablesUrl}/Tables`, { method: 'POST', headers: json, body: body(name) })),
    ...containers.map((name) =>
      create(`${blobsUrl}/${name}?restype=container`, { method: 'PUT', headers: authorization }),
    ),
  ]);
}

async function create(url: string, request: RequestInit): Promise<void> {
  const response = await fetch(url, request);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
}
