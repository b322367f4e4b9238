import { LangBatchError } from "../errors.js";
import type { CallContext, ProviderTraits } from "../provider/provider.js";
import type { WireFormat } from "../provider/wire.js";
import type { EngineContext, Shard } from "./context.js";

/** What a provider says that has a wire format. */
export interface WireTraits extends ProviderTraits {
  readonly wire: WireFormat;
}

/**
 * How the provider writes a shard's requests and results; `undefined` where all of them are OpenAI
 * lines.
 *
 * @throws `version_unsupported` where they were planned in a wire format that the provider no longer has.
 */
export async function wireTraitsOf(
  { provider }: Pick<EngineContext, "provider">,
  { encoded = 0 }: Pick<Shard, "encoded">,
  context: CallContext,
): Promise<WireTraits | undefined> {
  if (encoded === 0) return undefined;
  const { wire, ...traits } = await provider.traits(context);
  if (wire) return { ...traits, wire };
  throw new LangBatchError(
    "version_unsupported",
    `The provider ${provider.id} no longer writes requests as it did when this batch was planned. Use the version of its package that planned it.`,
    { provider: provider.id },
  );
}
