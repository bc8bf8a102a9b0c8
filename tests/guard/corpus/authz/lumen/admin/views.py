from __future__ import annotations

from flask import abort, g, redirect, render_template, request

from lumen.utils.roles import RoleManager

from .guardian import Guardian


def edit_tenant(tenant_id: str):
    tenant = g.db.get_tenant(tenant_id)
    if not Guardian(g.session, g.config["SUPERUSERS"]).has_perm(
        g.user.id, "change", tenant
    ):
        abort(403)
    tenant.name = request.form["name"]
    g.session.commit()
    return redirect("/admin/tenants")


def reports():
    if not RoleManager.instance().is_permitted(g.user.id, "reports"):
        abort(403)
    return render_template("reports.html")
