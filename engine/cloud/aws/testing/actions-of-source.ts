/** Services of the SDK by the name IAM gives them. */
const PREFIXES: Readonly<Record<string, string>> = {
  ec2: 'ec2',
  iam: 'iam',
  pricing: 'pricing',
  'service-quotas': 'servicequotas',
  ssm: 'ssm',
  sts: 'sts',
}

const IMPORT = /import\s+([^'"]*?)\s+from\s+['"]@aws-sdk\/client-([a-z0-9-]+)['"]/g

/** What a name of the SDK asks of AWS; `null` for types, clients and errors. */
const actionOfName = (name: string): string | null => {
  if (name.startsWith('waitUntil')) throw new Error(`${name}: waiters are not followed; poll with the command itself`)
  return /^(?:paginate(\w+)|(\w+)Command)$/.exec(name)?.slice(1).find(Boolean) ?? null
}

/**
 * The actions that source files ask of AWS, as IAM names them: every command and paginator imported from the SDK.
 * @throws Error for what it cannot follow: namespace imports, waiters, services it does not know.
 */
export const actionsOfSource = (files: readonly { readonly path: string; readonly text: string }[]): string[] => {
  const found = files.flatMap(({ path, text }) =>
    [...text.matchAll(IMPORT)].flatMap(([, names = '', service = '']) => {
      if (names.startsWith('type ')) return []
      const prefix = PREFIXES[service]
      if (prefix === undefined || names.includes('*')) throw new Error(`${path}: cannot follow client-${service}`)
      return names
        .replace(/[{}]/g, '')
        .split(',')
        .map((name) => name.trim().replace(/ as .*$/, ''))
        .filter((name) => !name.startsWith('type '))
        .map(actionOfName)
        .filter((action) => action !== null)
        .map((action) => `${prefix}:${action}`)
    }),
  )
  return [...new Set(found)].sort()
}
