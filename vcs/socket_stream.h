#pragma once

namespace slipway::vcs {

/// Has libgit2 open its connections by sockets of ours (TLS runs over them too), which send at once: its own
/// wait for the server's acknowledgement of a request's head before they send its body, and a server that
/// waits for the body acknowledges after 40 ms. Throws Failure. Once, before the first connection.
void use_prompt_sockets();

}  // namespace slipway::vcs
