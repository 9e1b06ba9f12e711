#!/bin/sh
# Flags from a shell, and so from any language: OpenFeature's Remote Evaluation Protocol is three requests.
#   SPILLWAY_URL       where the server answers
#   SPILLWAY_SDK_KEY   a key of the environment
#   sh flags.sh FLAG USER
set -eu

flag=$1
context="{\"context\":{\"targetingKey\":\"$2\"}}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The key goes to curl by a file: the arguments of a process can be seen by everybody on the machine.
printf 'header = "Authorization: Bearer %s"\nheader = "Content-Type: application/json"\n' "$SPILLWAY_SDK_KEY" >"$folder/curl"
ask() {
  path=$1
  shift
  curl -sS --config "$folder/curl" -d "$context" "$@" "$SPILLWAY_URL$path"
}

echo "one: $(ask "/ofrep/v1/evaluate/flags/$flag")"

ask /ofrep/v1/evaluate/flags -D "$folder/head" -o "$folder/all" -w 'all: %{http_code}\n'
etag=$(sed -n 's/^[Ee][Tt]ag: \(.*[^\r]\)\r*$/\1/p' "$folder/head")
ask /ofrep/v1/evaluate/flags -H "If-None-Match: $etag" -o "$folder/same" -w 'again: %{http_code}\n'

# The address of the stream carries a ticket instead of the key. One message says that it is time to ask again.
stream=$(sed -n 's/.*"requestUri":"\([^"]*\)".*/\1/p' "$folder/all")
echo 'waiting for a change'
printf 'url = "%s%s"\n' "$SPILLWAY_URL" "$stream" >"$folder/stream"
mkfifo "$folder/events"
curl -sSN --max-time 60 --config "$folder/stream" >"$folder/events" &
sed -n '/refetchEvaluation/{s/^data: /told: /p;q;}' <"$folder/events"
kill $! 2>/dev/null || true

echo "one: $(ask "/ofrep/v1/evaluate/flags/$flag")"
