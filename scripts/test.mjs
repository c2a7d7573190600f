import { join } from 'node:path'
import { ensureChromium } from './setup/chromium.mjs'
import { ensureMoto } from './setup/moto.mjs'
import { isEnding, run } from './setup/run.mjs'
import { say } from './setup/say.mjs'
import { command, NODE, ROOT, setUp } from './setup/set-up.mjs'

/** `npm test`: sets up what a fresh clone needs, then runs everything this machine can. `npm test -- unit` runs one part. */
await command(async () => {
  const { labLack } = await setUp()
  const chromiumLack = isEnding() ? null : await ensureChromium(NODE, ROOT)
  const motoLack = isEnding() ? null : await ensureMoto(ROOT)
  if (isEnding()) return 130
  for (const lack of [labLack, chromiumLack, motoLack]) if (lack !== null) say(`\n${lack}\n`)
  return (
    await run(NODE, [join(ROOT, 'scripts/test/run-parts.mjs'), ...process.argv.slice(2)], {
      cwd: ROOT,
      foreground: true,
      env: {
        ...process.env,
        MOLE_LACK_LAB: labLack ?? '',
        MOLE_LACK_CHROMIUM: chromiumLack ?? '',
        MOLE_LACK_MOTO: motoLack ?? '',
      },
    })
  ).code
})
