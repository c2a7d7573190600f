import { writeSync } from 'node:fs'
import { byteStreamPort } from '../ports/byte-stream.ts'
import { makeWorld, serveWorld } from './world.ts'

/** Serves a world on its standard streams. When nothing of it runs any more, its ledger goes to stderr. */
const world = makeWorld(Number(process.argv[2]))
process.on('exit', () => writeSync(2, JSON.stringify(world.ledger)))
await serveWorld(world, byteStreamPort(process.stdin, process.stdout))
