#pragma once

#include "templates/document.h"

#include <string>

namespace slipway::templates {

/// A fragment for a page: only elements and classes that the page's style sheet knows (alert, caution,
/// warning, note, sign-add, sign-remove, sign-change, remark), no scripts, no styles of its own.
std::string html(const Document& document);

}  // namespace slipway::templates
