import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HELPER_SERVICE_UNIT, HELPER_SOCKET_UNIT } from '../installed-helper.ts'
import { LIBRARY } from './layout.ts'

export type Units = { readonly socket: string; readonly service: string }

const fill = (text: string, uid: number): string =>
  text.replaceAll('@UID@', String(uid)).replaceAll('@LIBRARY@', LIBRARY)

/** The texts of both units, for the user of this number; a number, so that no name can be anything else in them. */
export const renderUnits = async (packageRoot: string, uid: number): Promise<Units> => {
  const read = (name: string): Promise<string> => readFile(join(packageRoot, 'resources/helper', name), 'utf8')
  const [socket, service] = await Promise.all([read(HELPER_SOCKET_UNIT), read(HELPER_SERVICE_UNIT)])
  return { socket: fill(socket, uid), service: fill(service, uid) }
}

/** Number of the user whom an installed helper serves, from its own unit; `null` when there is none. */
export const allowedUidOf = async (serviceUnit: string): Promise<number | null> => {
  const text = await readFile(serviceUnit, 'utf8').catch(() => '')
  const uid = /^ExecStart=.* --allow-uid ([0-9]+)$/m.exec(text)?.[1]
  return uid === undefined ? null : Number(uid)
}
