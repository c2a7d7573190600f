import { createSocket } from 'node:dgram'
import { createInterface } from 'node:readline'
import { makeFlowMeter, parsePacket } from './flow-packet.ts'

/**
 * The near end of flows that come back: `ask-flows.ts ADDRESS UDP_PORT FLOWS`. Each flow asks once, from a port of its own,
 * and hears from then on; it says nothing more. Answers each line with a report as JSON, and begins anew; ends with its stdin.
 */
const [address = '', ...numbers] = process.argv.slice(2)
const [port = 0, flows = 0] = numbers.map(Number)

const meter = makeFlowMeter()

for (let flow = 0; flow < flows; flow += 1) {
  const socket = createSocket('udp4')
  socket.on('message', (message) => meter.heard(parsePacket(message)))
  socket.bind(20_000 + flow, () => socket.send('?', port + flow, address, () => undefined))
}

createInterface({ input: process.stdin })
  .on('line', () => process.stdout.write(`${JSON.stringify(meter.report())}\n`))
  .on('close', () => process.exit(0))
