import { useQuery } from '@tanstack/react-query'
import { currentClient, useConnection } from '../../app/connection-store.ts'

/** A probe, whole, as it is kept. */
export const useReport = (id: string) => {
  const isOpen = useConnection(({ status }) => status === 'open')
  return useQuery({
    queryKey: ['probe', id],
    enabled: isOpen,
    // It may have been running when it was read last.
    staleTime: 0,
    queryFn: ({ signal }) => currentClient().call('probe.read', { id }, { signal }),
  })
}
