import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LIBRARY } from './layout.ts'
import { renderUnits } from './units.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')
const ANALYZE = '/usr/bin/systemd-analyze'

it('systemd finds nothing to complain of in the units', async (context) => {
  context.skip(!existsSync(ANALYZE), 'systemd-analyze is not on this machine')
  const base = mkdtempSync(join(tmpdir(), 'mole-'))
  try {
    const { socket, service } = await renderUnits(REPOSITORY, 1000)
    const files = [join(base, 'mole-helper.socket'), join(base, 'mole-helper.service')] as const
    writeFileSync(files[0], socket)
    // It looks for the program, which is not installed here.
    writeFileSync(files[1], service.replaceAll(`${LIBRARY}/node_modules/node/bin/node`, process.execPath))
    const complaints = await new Promise((resolve) => {
      execFile(ANALYZE, ['verify', '--man=no', ...files], (_, stdout, stderr) => resolve(stdout + stderr))
    })
    expect(complaints).toBe('')
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
})
