import type { OutgoingHttpHeaders } from 'node:http'
import type { AwsCall } from './aws-call.ts'
import { renderXml, type XmlNode, xmlNode } from './xml.ts'

export type AwsAnswer = { readonly status: number; readonly headers: OutgoingHttpHeaders; readonly body: string }

/**
 * Errors of AWS with the HTTP status they come with (EC2 API Reference, "Error codes for the Amazon EC2 API" and "Common
 * errors"; IAM and STS: "Common error types"). Others may be made by hand.
 */
const STATUS = {
  AccessDenied: 403,
  AccessDeniedException: 400,
  AuthFailure: 401,
  DependencyViolation: 400,
  DryRunOperation: 412,
  ExpiredToken: 403,
  ExpiredTokenException: 400,
  IdempotentParameterMismatch: 400,
  InsufficientInstanceCapacity: 500,
  InternalError: 500,
  RequestExpired: 400,
  RequestLimitExceeded: 503,
  RouteAlreadyExists: 400,
  ThrottlingException: 400,
  Unavailable: 503,
  UnauthorizedOperation: 403,
  VcpuLimitExceeded: 400,
} as const

export type AwsError = { readonly code: string; readonly message: string; readonly status: number }

export const awsError = (code: keyof typeof STATUS, message = `${code}, as the test asked.`): AwsError => ({
  code,
  message,
  status: STATUS[code],
})

/** Services that speak JSON 1.1; the others speak Query, with answers in XML. */
const JSON_SERVICES = ['ssm', 'servicequotas', 'pricing']
export const speaksJson = ({ service }: AwsCall): boolean => JSON_SERVICES.includes(service)

let requests = 0
const requestId = (): string => {
  requests += 1
  return `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`
}

const xmlAnswer = (status: number, root: XmlNode): AwsAnswer => ({
  status,
  headers: { 'content-type': 'text/xml;charset=UTF-8' },
  body: renderXml(root),
})

/** An answer of EC2: `<ActionResponse><requestId/>…`. */
export const ec2Answer = ({ action }: AwsCall, children: XmlNode[]): AwsAnswer =>
  xmlAnswer(200, xmlNode(`${action}Response`, [xmlNode('requestId', requestId()), ...children]))

/** An answer of IAM or STS: `<ActionResponse><ActionResult>…`. */
export const queryAnswer = ({ action }: AwsCall, children: XmlNode[]): AwsAnswer =>
  xmlAnswer(
    200,
    xmlNode(`${action}Response`, [
      xmlNode(`${action}Result`, children),
      xmlNode('ResponseMetadata', [xmlNode('RequestId', requestId())]),
    ]),
  )

export const jsonAnswer = (value: unknown, status = 200): AwsAnswer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId() },
  body: JSON.stringify(value),
})

/** An error in the words of the service that was asked. */
export const errorAnswer = (call: AwsCall, { code, message, status }: AwsError): AwsAnswer => {
  if (speaksJson(call)) return jsonAnswer({ __type: code, message }, status)
  const error = xmlNode('Error', [xmlNode('Code', code), xmlNode('Message', message)])
  return call.service === 'ec2'
    ? xmlAnswer(status, xmlNode('Response', [xmlNode('Errors', [error]), xmlNode('RequestID', requestId())]))
    : xmlAnswer(status, xmlNode('ErrorResponse', [error, xmlNode('RequestId', requestId())]))
}
