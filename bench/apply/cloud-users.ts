/** Creates users in Entra through Graph, twenty a batch; answers their ids in the order of the names. */
export async function createCloudUsers(
  { url, token }: { readonly url: string; readonly token: string },
  names: readonly string[],
): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < names.length; from += 20) {
    const requests = names.slice(from, from + 20).map((name, index) => ({
      id: String(index),
      method: 'POST',
      url: '/users',
      headers: { 'Content-Type': 'application/json' },
      body: {
        accountEnabled: true,
        displayName: name,
        mailNickname: name,
        userPrincipalName: `${name}@contoso.com`,
        passwordProfile: { password: 'Bench-Passw0rd-1' },
      },
    }));
    const response = await fetch(`${url}/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ requests }),
    });
    const { responses } = (await response.json()) as {
      responses: { id: string; status: number; body: { id: string } }[];
    };
    const refused = responses.find(({ status }) => status !== 201);
    if (refused) throw new Error(`A user was not created: ${JSON.stringify(refused)}`);
    ids.push(...responses.sort((left, right) => Number(left.id) - Number(right.id)).map(({ body }) => body.id));
  }
  return ids;
}
