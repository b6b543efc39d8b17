#pragma once

namespace slipway::runner {

/// Denies this process, and all it becomes and starts, the system calls that no Terraform, provider or
/// playbook needs and that attacks on the kernel or on neighbours begin with: tracing, other processes'
/// memory, BPF, io_uring, keyrings, mounts, new namespaces, modules, clocks, handles of files, typing into
/// terminals. They fail with EPERM (clone3 with ENOSYS, so that the C library and Go use clone, whose flags
/// can be looked at). Needs no_new_privs. Throws Failure.
void deny_system_calls();

}  // namespace slipway::runner
