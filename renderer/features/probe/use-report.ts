import { useQuery } from '@tanstack/react-query'
import { currentClient, useConnection } from '../../app/connection-store.ts'

/** An earlier probe, whole. It does not change any more. */
export const useReport = (id: string) => {
  const isOpen = useConnection(({ status }) => status === 'open')
  return useQuery({
    queryKey: ['probe', id],
    enabled: isOpen,
    queryFn: ({ signal }) => currentClient().call('probe.read', { id }, { signal }),
  })
}
