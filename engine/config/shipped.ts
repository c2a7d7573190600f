import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SHIPPED_NAMES } from '../../domain/config/shipped-names.ts'
import { packageRoot } from '../paths.ts'

type ShippedName = (typeof SHIPPED_NAMES)[number]

export const isShipped = (name: string): name is ShippedName => (SHIPPED_NAMES as readonly string[]).includes(name)

/** What a shipped configuration is called in errors and origins. */
export const shippedSource = (name: ShippedName): string => `${name}.yaml`

export const readShipped = (name: ShippedName): Promise<string> =>
  readFile(join(packageRoot(), 'resources', 'config', `${name}.yaml`), 'utf8')
