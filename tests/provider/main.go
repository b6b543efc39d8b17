// Program terraform-provider-hci is a small but real Terraform provider for the tests: it keeps each "server" as a
// file, so that what was created, changed and destroyed can be looked at, counted and broken from outside.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

func main() {
	options := providerserver.ServeOpts{Address: "example.test/slipway/hci"}
	if err := providerserver.Serve(context.Background(), newProvider, options); err != nil {
		log.Fatal(err)
	}
}
