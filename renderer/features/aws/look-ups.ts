import { useMutation, useQuery } from '@tanstack/react-query'
import { parsePriceTable } from '../../../domain/planner/price-table.ts'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'
import { queryClient } from '../../app/query-client.ts'

/** Which credentials, and where; `null` takes what the environment gives. */
export type Account = { readonly profile: string | null; readonly region: string | null }

/** What a person may mend in the account between two looks is asked for anew on each page. */
const FRESH = { staleTime: 0 } as const

export const useCredentialProfiles = () =>
  useQuery({
    queryKey: ['aws', 'profiles'],
    enabled: useIsOpen(),
    ...FRESH,
    queryFn: ({ signal }) => currentClient().call('aws.profiles', {}, { signal }),
  })

export const useIdentity = (account: Account) =>
  useQuery({
    queryKey: ['aws', 'identity', account],
    enabled: useIsOpen(),
    ...FRESH,
    queryFn: ({ signal }) => currentClient().call('aws.identity', account, { signal }),
  })

/** @param isKnown whether the credentials work: without them nothing is asked */
export const useRegions = (account: Account, isKnown: boolean) => {
  const isOpen = useIsOpen()
  return useQuery({
    queryKey: ['aws', 'regions', account.profile],
    enabled: isOpen && isKnown,
    queryFn: ({ signal }) => currentClient().call('aws.regions', account, { signal }),
  })
}

/** @param isKnown whether the credentials work: without them nothing is asked */
export const useNetworks = (account: Account, isKnown: boolean) => {
  const isOpen = useIsOpen()
  return useQuery({
    queryKey: ['aws', 'networks', account],
    enabled: isOpen && isKnown,
    ...FRESH,
    queryFn: ({ signal }) => currentClient().call('aws.networks', account, { signal }),
  })
}

export const usePolicy = () =>
  useQuery({
    queryKey: ['aws', 'policy'],
    enabled: useIsOpen(),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => currentClient().call('aws.policy', {}, { signal }),
  })

export type Checked = Account & { readonly vpcId: string | null; readonly instanceTypes: readonly string[] }

/** Asked for by a button: it takes its time. */
export const useAccountCheck = () =>
  useMutation({
    mutationFn: ({ instanceTypes, ...rest }: Checked) =>
      currentClient().call('aws.check', { ...rest, instanceTypes: [...instanceTypes] }),
  })

const PRICES = ['aws', 'prices'] as const

/** The newest price table there is. */
export const usePriceTable = () =>
  useQuery({
    queryKey: PRICES,
    enabled: useIsOpen(),
    structuralSharing: false,
    queryFn: async ({ signal }) =>
      parsePriceTable((await currentClient().call('prices.table', {}, { signal })).document),
  })

/** Asks AWS for the prices of a region; every table on the page follows. */
export const useRefreshPrices = () =>
  useMutation({
    mutationFn: (account: Account) => currentClient().call('prices.refresh', account),
    onSuccess: ({ document }) => queryClient.setQueryData(PRICES, parsePriceTable(document)),
  })

/** Everything in the region that carries a tag of ours. */
export const useFound = (account: Account, isWanted: boolean) => {
  const isOpen = useIsOpen()
  return useQuery({
    queryKey: ['aws', 'found', account],
    enabled: isOpen && isWanted,
    ...FRESH,
    queryFn: ({ signal }) => currentClient().call('aws.find', account, { signal }),
  })
}

export const useSweep = (account: Account) =>
  useMutation({
    mutationFn: (deployments: readonly string[]) =>
      currentClient().call('aws.sweep', { ...account, deployments: [...deployments] }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['aws', 'found'] }),
  })
