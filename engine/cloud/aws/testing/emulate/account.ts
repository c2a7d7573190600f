/** What a test says about the account that moto does not keep. */
export type Account = {
  /** Actions the caller may not do, as IAM names them: `ec2:RunInstances`. */
  readonly denied: Set<string>
  /** Service quotas of `ec2` by their code. */
  readonly quotas: Map<string, number>
  /** What Pricing's `GetProducts` lists: each a JSON text, as AWS gives them. */
  readonly products: string[]
}

/** An account like a new one: allowed everything, with the quotas many start with. */
export const newAccount = (): Account => ({
  denied: new Set(),
  quotas: new Map([
    ['L-1216C47A', 32],
    ['L-34B43A08', 32],
    ['L-0263D0A3', 5],
  ]),
  products: [],
})
