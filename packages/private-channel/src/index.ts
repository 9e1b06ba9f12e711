export type { ChannelAddress, ListenAddress } from './address.ts';
export { type Answer, notFound, refusal } from './answer.ts';
export { BODY_MAX, type Body } from './body.ts';
export {
  CHANNEL_TIMEOUT_MS,
  type ChannelClient,
  type ChannelClientOptions,
  ChannelRefusal,
  ChannelUnreachable,
  channelClient,
} from './client.ts';
export { replaceFile } from './replace-file.ts';
export { type Channel, type ChannelOptions, type ChannelRequest, openChannel } from './server.ts';
