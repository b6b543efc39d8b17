#pragma once

#include "core/json.h"

namespace slipway::state {

/// An attribute without a type in its provider's schema (`terraform_data.output`) stands in a state as
/// {"value": …, "type": …}; in a plan it stands as its value alone. This makes the state's like the plan's,
/// so that one expression reads both. Only of attributes at the top: further down a map may really have these
/// two members.
void unwrap_dynamic(Json& attributes);

/// Replaces by null what `sensitive` (an instance's "sensitive_attributes": a list of paths) points at, and
/// every string of the same instance that equals such a value: Terraform marks the `input` of a
/// terraform_data and not its `output`. A path of a kind we don't know takes with it all it has reached. Null
/// means that nothing is sensitive.
void hide_sensitive(Json& attributes, const Json& sensitive);

}  // namespace slipway::state
