import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../paths.ts'

/** The least that credentials must be allowed, as a document for IAM: JSON text, to be copied as it is. */
export const readPolicy = (): Promise<string> =>
  readFile(join(packageRoot(), 'resources', 'aws', 'policy.json'), 'utf8')
