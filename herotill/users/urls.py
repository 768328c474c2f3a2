"""Log-ins, one's own settings, and the Setup screens of people and rights."""

from django.urls import path

from herotill.users.views import doors, links, me, people, portal, portal_me, roles

app_name = "users"

urlpatterns = [
    path("login/", doors.log_in, name="login"),
    path("login/code/", doors.code, name="code"),
    path("logout/", doors.log_out, name="logout"),
    path("unlock/", doors.unlock, name="unlock"),
    path("password/forgot/", links.forgot, name="forgot"),
    path("password/link/<str:token>/", links.link, name="link"),
    path("password/", me.password, name="password"),
    path("second-factor/", me.factor, name="second-factor"),
    path("second-factor/set-up/", me.factor_start, name="second-factor-start"),
    path("second-factor/codes/", me.factor_codes, name="second-factor-codes"),
    path("second-factor/off/", me.factor_off, name="second-factor-off"),
    path("log-ins/", me.log_ins, name="log-ins"),
    path("log-ins/end/", me.end_others, name="end-others"),
    path("log-ins/<str:handle>/end/", me.end_one, name="end-one"),
    path("preferences/", me.preference, name="preference"),
    path("preferences/<str:key>/", me.preference, name="preference-key"),
    path("setup/people/", people.listed, name="people"),
    path("setup/people/add/", people.add, name="person-add"),
    path("setup/people/<int:pk>/", people.edit, name="person"),
    path("setup/people/<int:pk>/reset-password/", people.reset_password, name="person-reset-password"),
    path("setup/people/<int:pk>/reset-second-factor/", people.reset_factor, name="person-reset-factor"),
    path("setup/people/<int:pk>/end-log-ins/", people.end_log_ins, name="person-end-log-ins"),
    path("setup/people/<int:pk>/switch/", people.switch, name="person-switch"),
    path("setup/roles/", roles.listed, name="roles"),
    path("setup/roles/add/", roles.add, name="role-add"),
    path("setup/roles/<int:pk>/", roles.edit, name="role"),
    path("setup/rights/", roles.matrix, name="matrix"),
    path("setup/rights/<str:area>/", roles.matrix, name="matrix-area"),
    path("setup/approvals/", roles.approvals, name="approvals"),
    path("setup/approvals/<int:pk>/", roles.decide, name="decide"),
    path("portal/", portal.home, name="portal-home"),
    path("portal/login/", doors.log_in, name="portal-login"),
    path("portal/login/code/", doors.code, name="portal-code"),
    path("portal/logout/", doors.log_out, name="portal-logout"),
    path("portal/security/", portal_me.security, name="portal-security"),
    path("portal/security/password/", portal_me.password, name="portal-password"),
    path("portal/security/second-step/", portal_me.factor_start, name="portal-factor-start"),
    path("portal/security/second-step/codes/", portal_me.factor_codes, name="portal-factor-codes"),
    path("portal/security/second-step/off/", portal_me.factor_off, name="portal-factor-off"),
    path("portal/security/log-ins/end/", portal_me.end_others, name="portal-end-others"),
    path("portal/security/log-ins/<str:handle>/end/", portal_me.end_one, name="portal-end-one"),
    path("portal/password/", links.forgot, name="portal-forgot"),
    path("portal/password/<str:token>/", links.link, name="portal-link"),
]
