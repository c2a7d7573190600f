import { isEnding } from '../setup/run.mjs'
import { command, NODE, ROOT } from '../setup/set-up.mjs'
import { ordinaryUser } from './as-user.mjs'
import { awaitNoProcesses, endProcessesOf } from './left-processes.mjs'
import { nothingYet, withFailure } from './part-result.mjs'
import { allParts } from './parts.mjs'
import { exitCodeOf, renderPart, renderSummary } from './summary.mjs'
import { findLeftFiles, makeWorkplace, removeWorkplace } from './workplace.mjs'

/** @param {string} line */
const print = (line) => process.stdout.write(`${line}\n`)

/**
 * Nothing a test makes may outlive it: one more test, where any ran.
 * @param {import('./part-result.mjs').PartResult} result @param {import('./workplace.mjs').Workplace} place
 */
const withLeftovers = async (result, place) => {
  const processes = (await awaitNoProcesses(place.directory)).map(({ pid, command }) => `process ${pid}: ${command}`)
  const left = [...processes, ...findLeftFiles(place)]
  if (left.length === 0) return result.passed + result.failed > 0 ? { ...result, passed: result.passed + 1 } : result
  return withFailure(result, 'nothing is left behind', left.join('\n'))
}

/** @param {import('./parts.mjs').Part} part */
const runPart = async (part) => {
  print(`\n── ${part.name}`)
  const user = part.asOrdinaryUser === true ? ordinaryUser(process.env) : null
  const place = makeWorkplace(user)
  const cleanUp = () => {
    endProcessesOf(place.directory)
    removeWorkplace(place)
  }
  process.on('exit', cleanUp)
  const startedAtMs = performance.now()
  const result = await withLeftovers(await part.act({ root: ROOT, node: NODE, user, place }), place)
  cleanUp()
  process.off('exit', cleanUp)
  print(renderPart(result, (performance.now() - startedAtMs) / 1000))
  return result
}

/** Runs the parts named as arguments, or all. */
await command(async () => {
  const parts = allParts({
    isRoot: process.platform === 'linux' && process.getuid?.() === 0,
    labLack: process.env.MOLE_LACK_LAB ?? '',
    chromiumLack: process.env.MOLE_LACK_CHROMIUM ?? '',
    motoLack: process.env.MOLE_LACK_MOTO ?? '',
  })
  const asked = process.argv.slice(2)
  const chosen = parts.filter(({ name }) => asked.length === 0 || asked.includes(name))
  const results = []
  for (const part of chosen) if (!isEnding()) results.push(await runPart(part))
  const unknown = asked.filter((name) => !parts.some((part) => part.name === name))
  const names = parts.map(({ name }) => `"${name}"`).join(', ')
  for (const name of unknown)
    results.push(withFailure(nothingYet(name), name, `There is no such part; there are ${names}.`))
  print(renderSummary(results))
  return exitCodeOf(results)
})
