import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { makeFlowMeter, PACKET_BYTES, parsePacket } from './flow-packet.ts'

/**
 * The far end of the flows: `receive-flows.ts UDP_PORT UDP_FLOWS TCP_PORT`. One UDP socket a flow, so that each has a buffer
 * of its own. Answers each line with a report as JSON, and begins anew; ends with its stdin.
 */
const [firstPort = 0, count = 0, tcpPort = 0] = process.argv.slice(2).map(Number)

const udp = makeFlowMeter()
const tcp = makeFlowMeter()

for (let flow = 0; flow < count; flow += 1)
  createSocket('udp4')
    .on('message', (message) => udp.heard(parsePacket(message)))
    .bind(firstPort + flow)

createServer((socket) => {
  let rest = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data])
    while (rest.length >= PACKET_BYTES) {
      tcp.heard(parsePacket(rest.subarray(0, PACKET_BYTES)))
      rest = rest.subarray(PACKET_BYTES)
    }
  })
}).listen(tcpPort)

createInterface({ input: process.stdin })
  .on('line', () => process.stdout.write(`${JSON.stringify({ udp: udp.report(), tcp: tcp.report() })}\n`))
  .on('close', () => process.exit(0))
