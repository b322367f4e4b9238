/** Lines of an OpenAI batch file: plain questions, and in turn what else a chat may have. */
export function variedRequests(count: number): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const messages = [{ role: "user", content: `Question ${at}` }];
    const extra = extras[at % extras.length]?.(at) ?? {};
    const body = { model: "gpt-5-mini", messages, max_completion_tokens: 200, ...extra };
    return `${JSON.stringify({ custom_id: `request ${at}`, method: "POST", url: "/v1/chat/completions", body })}\n`;
  });
  return lines.join("");
}

const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

const call = (id: string, city: string) => ({
  id,
  type: "function",
  function: { name: "get_weather", arguments: JSON.stringify({ city }) },
});

const extras: readonly ((at: number) => object)[] = [
  () => ({}),
  (at) => ({
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: `Question ${at}` },
      { role: "assistant", content: "Which one?" },
      { role: "developer", content: "Be polite." },
      { role: "user", content: `Question ${at} again` },
    ],
  }),
  (at) => ({
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: `Question ${at}` },
          { type: "image_url", image_url: { url: `data:image/png;base64,${pixel}` } },
          { type: "image_url", image_url: { url: "https://example.com/cat.jpg" } },
        ],
      },
    ],
  }),
  () => ({ tools: [weather], tool_choice: "auto", parallel_tool_calls: false }),
  (at) => ({
    tools: [weather],
    messages: [
      { role: "user", content: `Question ${at}` },
      { role: "assistant", content: null, tool_calls: [call("a", "Rome"), call("b", "Oslo")] },
      { role: "tool", tool_call_id: "b", content: "Snow" },
      { role: "tool", tool_call_id: "a", content: "Sun" },
    ],
  }),
  () => ({ stop: ["END"], temperature: 0.5, top_p: 0.9, user: "user-1" }),
  () => ({
    response_format: {
      type: "json_schema",
      json_schema: { name: "answer", schema: { type: "object", properties: {} } },
    },
  }),
];
