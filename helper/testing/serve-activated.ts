import { activatedDoor } from '../door.ts'
import { startServer } from '../server.ts'
import { fakeHandlers } from './fake-handlers.ts'

/* A server as systemd starts one, for the user whose number it is given. Its audit goes to stdout. */

await startServer({
  door: activatedDoor(process.env, process.pid, Number(process.argv[2])),
  audit: (line) => void process.stdout.write(`${JSON.stringify(line)}\n`),
  generation: () => 7,
  handlersFor: () => fakeHandlers(),
})
process.stdout.write('ready\n')
