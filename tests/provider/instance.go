package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type instanceResource struct {
	depot *depot
}

type instanceModel struct {
	ID           types.String `tfsdk:"id"`
	Name         types.String `tfsdk:"name"`
	Image        types.String `tfsdk:"image"`
	Cpus         types.Int64  `tfsdk:"cpus"`
	IPAddress    types.String `tfsdk:"ip_address"`
	Automation   *automation  `tfsdk:"automation"`
	Monitoring   *monitoring  `tfsdk:"monitoring"`
	RootPassword types.String `tfsdk:"root_password"`
	FailOn       types.String `tfsdk:"fail_on"`
	SlowMs       types.Int64  `tfsdk:"slow_ms"`
}

func newInstanceResource() resource.Resource { return &instanceResource{} }

func (*instanceResource) Metadata(_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = request.ProviderTypeName + "_instance"
}

func (*instanceResource) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = instanceSchema()
}

func (r *instanceResource) Configure(_ context.Context, request resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.depot, _ = request.ProviderData.(*depot)
}

// ImportState takes the instance's name.
func (*instanceResource) ImportState(ctx context.Context, request resource.ImportStateRequest, response *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("name"), request, response)
}

func (r *instanceResource) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var plan instanceModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	if response.Diagnostics.HasError() || !r.work(ctx, "create", plan, &response.Diagnostics) {
		return
	}
	plan.ID = plan.Name
	plan.IPAddress = types.StringValue(address(plan.Name.ValueString()))
	if err := r.depot.create(plan.record()); err != nil {
		response.Diagnostics.AddError("The instance was not created", err.Error())
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, plan)...)
	// The instance is there and yet the apply fails: Terraform keeps it as tainted.
	r.fail("create_late", plan, &response.Diagnostics)
}

func (r *instanceResource) Read(ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse) {
	var state instanceModel
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() || r.fail("read", state, &response.Diagnostics) {
		return
	}
	instance, err := r.depot.read(state.Name.ValueString())
	if err != nil {
		response.Diagnostics.AddError("The instance cannot be read", err.Error())
		return
	}
	if instance == nil {
		response.State.RemoveResource(ctx)
		return
	}
	state.take(*instance)
	response.Diagnostics.Append(response.State.Set(ctx, state)...)
}

func (r *instanceResource) Update(ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	var plan instanceModel
	response.Diagnostics.Append(request.Plan.Get(ctx, &plan)...)
	if response.Diagnostics.HasError() || !r.work(ctx, "update", plan, &response.Diagnostics) {
		return
	}
	if err := r.depot.update(plan.record()); err != nil {
		response.Diagnostics.AddError("The instance was not changed", err.Error())
		return
	}
	response.Diagnostics.Append(response.State.Set(ctx, plan)...)
}

func (r *instanceResource) Delete(ctx context.Context, request resource.DeleteRequest, response *resource.DeleteResponse) {
	var state instanceModel
	response.Diagnostics.Append(request.State.Get(ctx, &state)...)
	if response.Diagnostics.HasError() || !r.work(ctx, "delete", state, &response.Diagnostics) {
		return
	}
	if err := r.depot.remove(state.Name.ValueString()); err != nil {
		response.Diagnostics.AddError("The instance was not destroyed", err.Error())
	}
}

// work takes as long as the instance says and fails where it says; true when the step may go on.
func (r *instanceResource) work(ctx context.Context, step string, instance instanceModel, diagnostics *diag.Diagnostics) bool {
	if r.depot == nil {
		diagnostics.AddError("The provider is not configured", "Its directory was not known.")
		return false
	}
	select {
	case <-time.After(time.Duration(instance.SlowMs.ValueInt64()) * time.Millisecond):
	case <-ctx.Done():
		diagnostics.AddError("Stopped", fmt.Sprintf("The %s was interrupted before anything was done.", step))
		return false
	}
	return !r.fail(step, instance, diagnostics)
}

func (*instanceResource) fail(step string, instance instanceModel, diagnostics *diag.Diagnostics) bool {
	if instance.FailOn.ValueString() != step {
		return false
	}
	diagnostics.AddError("The cluster refused",
		fmt.Sprintf("The instance %q asks to fail on %s.", instance.Name.ValueString(), step))
	return true
}

func (m instanceModel) record() record {
	return record{
		Name:       m.Name.ValueString(),
		Image:      m.Image.ValueString(),
		Cpus:       m.Cpus.ValueInt64(),
		IPAddress:  m.IPAddress.ValueString(),
		Automation: m.Automation,
		Monitoring: m.Monitoring,
	}
}

// take adopts what the cluster says; what only the configuration knows stays as it is.
func (m *instanceModel) take(instance record) {
	m.ID = types.StringValue(instance.Name)
	m.Name = types.StringValue(instance.Name)
	m.Image = types.StringValue(instance.Image)
	m.Cpus = types.Int64Value(instance.Cpus)
	m.IPAddress = types.StringValue(instance.IPAddress)
	m.Automation = instance.Automation
	m.Monitoring = instance.Monitoring
}
