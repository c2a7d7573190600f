// @ts-check
import { createServer } from 'node:http'
import { pipeline, Readable } from 'node:stream'

/**
 * The lab's research resource: a small HTTP server in the private subnet, reachable only through the tunnels.
 *   GET /            a page that says what it is
 *   GET /bytes/<n>   n bytes (at most 100 GB) of zeros, for downloads
 * Usage: node research-resource.mjs ADDRESS PORT
 */

const [address = '127.0.0.1', port = '80'] = process.argv.slice(2)
const MAX_BYTES = 100e9
const CHUNK = Buffer.alloc(64 * 1024)

/**
 * @param {string} self
 * @param {string} from
 */
const page = (self, from) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Cloud Mole lab: research resource</title>
<h1>Research resource of the Cloud Mole lab</h1>
<p>This server, ${self}, stands for a service in a private subnet of a cloud. It has no public address: you read this through
a WireGuard tunnel and a bastion, which asked on your behalf as ${from}.</p>
<p>Try <a href="/bytes/100000000">/bytes/100000000</a> for a download of 100 MB, or iperf3 on port 5201.</p>
</html>
`

/** @param {number} total */
function* zeros(total) {
  for (let left = total; left > 0; left -= CHUNK.length) yield left >= CHUNK.length ? CHUNK : CHUNK.subarray(0, left)
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string} type
 * @param {string} text
 */
const answer = (response, status, type, text) => {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

const server = createServer((request, response) => {
  if (request.method !== 'GET') return answer(response, 405, 'text/plain', 'Only GET is served here.\n')
  const bytes = Number(/^\/bytes\/([0-9]{1,12})$/.exec(request.url ?? '')?.[1] ?? Number.NaN)
  if (bytes <= MAX_BYTES) {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes })
    return pipeline(Readable.from(zeros(bytes)), response, () => undefined)
  }
  if (request.url === '/')
    return answer(
      response,
      200,
      'text/html',
      page(request.socket.localAddress ?? '', request.socket.remoteAddress ?? ''),
    )
  return answer(response, 404, 'text/plain', 'There is / and /bytes/<number of bytes>.\n')
})
server.listen(Number(port), address)
