import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../paths.ts'

/** The configurations that come with Cloud Mole, for `extends`. */
export const SHIPPED = ['default', 'dtn', 'research'] as const

export type ShippedName = (typeof SHIPPED)[number]

export const isShipped = (name: string): name is ShippedName => (SHIPPED as readonly string[]).includes(name)

/** What a shipped configuration is called in errors and origins. */
export const shippedSource = (name: ShippedName): string => `${name}.yaml`

export const readShipped = (name: ShippedName): Promise<string> =>
  readFile(join(packageRoot(), 'resources', 'config', `${name}.yaml`), 'utf8')
