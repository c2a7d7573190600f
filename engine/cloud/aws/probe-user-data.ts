import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ECHO_PORT, IPERF3_PORT } from '../../../domain/probe/request.ts'
import { packageRoot } from '../../paths.ts'

/** A probe bastion that nobody ends turns itself off after so many minutes, and is terminated by that. */
export const PROBE_MINUTES = 30

/** The user data of a bastion for probes; there is nothing secret in it, and nothing of who asks. */
export const renderProbeUserData = async (): Promise<string> => {
  const read = (name: string): Promise<string> => readFile(join(packageRoot(), 'resources/probe', name), 'utf8')
  const [script, echo] = await Promise.all([read('bastion.sh'), read('echo.py')])
  return script
    .replaceAll('@MINUTES@', String(PROBE_MINUTES))
    .replaceAll('@ECHO_PORT@', String(ECHO_PORT))
    .replaceAll('@IPERF3_PORT@', String(IPERF3_PORT))
    .replace('@ECHO@', () => echo.trim())
}

/**
 * What a probe bastion says of itself on its console, which prefixes lines ("[   12.3] cloud-init[88]: ") and ends them with
 * \r\n. Pure.
 */
export const probeBastionSays = (text: string): 'ready' | 'failed' | 'booting' => {
  if (/(?:^|\s)mole-probe-failed v1 exit=[0-9]/m.test(text)) return 'failed'
  return /(?:^|\s)mole-probe-ready v1\r?$/m.test(text) ? 'ready' : 'booting'
}
